// Serves ReaderJobs: parses one foreign file and is ended afterwards. The study worker connects.
import { openTableFile } from '../src/adapters/any/table-file.ts';
import { serve } from '../src/adapters/page/rpc/server.ts';
import type { ReaderJobs } from '../src/core/jobs/reader-contract.ts';
import { pageAllocate } from '../src/adapters/page/allocate.ts';

const jobs: ReaderJobs = {
  readTable: ({ file, name, kinds }, run) =>
    openTableFile(file, name, { checkpoint: run.checkpoint, allocate: pageAllocate, ...(kinds ? { kinds } : {}) }),
};
serve(jobs);
