import { Popover } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formatBytes, formatInteger } from '../format.ts';

interface Outside {
  readonly requests: number;
  /** What the browser says came back; what went out it does not say. */
  readonly hosts: readonly string[];
}

/** Counts the requests of this page to anywhere but where it came from. */
export function PrivacyBadge() {
  const outside = useOutsideRequests();
  return (
    <Popover width={300} position="right-end" withArrow>
      <Popover.Target>
        <button type="button" className="privacy" title="What leaves this page">
          <IconShieldCheck size={16} aria-hidden />
          <span className="rail-word">
            {outside.requests === 0 ? `${formatBytes(0)} out` : `${formatInteger(outside.requests)} requests out`}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack tight small">
          <strong>
            {outside.requests === 0 ? 'Nothing has left this page.' : `This page called ${outside.hosts.join(', ')}.`}
          </strong>
          <p>
            Tables, features and models live in this tab and its workers. The page only fetches its own program from
            where it was opened, and its security policy forbids it to connect anywhere else.
          </p>
          <p className="muted">
            Counted: every request of this page, scripts and pictures included, to another origin, as the browser's
            resource timing lists them. Not counted: what browser extensions do, and files you download yourself.
          </p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function useOutsideRequests(): Outside {
  const [outside, setOutside] = useState<Outside>({ requests: 0, hosts: [] });
  useEffect(() => {
    if (typeof PerformanceObserver === 'undefined') return;
    const observer = new PerformanceObserver((list) => {
      const hosts = list
        .getEntries()
        .map((entry) => new URL(entry.name, location.href))
        .filter((url) => url.protocol.startsWith('http') && url.origin !== location.origin)
        .map((url) => url.host);
      if (hosts.length > 0) {
        setOutside((old) => ({ requests: old.requests + hosts.length, hosts: [...new Set([...old.hosts, ...hosts])] }));
      }
    });
    observer.observe({ type: 'resource', buffered: true });
    return () => observer.disconnect();
  }, []);
  return outside;
}
