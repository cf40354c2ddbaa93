import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useRef } from 'react';

/** A button that asks for a file. */
export function FileButton({
  accept,
  onFile,
  children,
  ...button
}: ButtonProps & { accept: string; onFile: (file: File) => void; children: ReactNode }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={typeof children === 'string' ? children : 'Choose a file'}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}

export const tableFiles = '.csv,.tsv,.txt,.gz,.parquet';
