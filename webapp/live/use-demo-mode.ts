import { useEffect, useState } from 'react';
import { readDemoMode } from './server-api.ts';
import type { DemoMode } from './server-api.ts';

/** @returns undefined while it is not known. Nothing depends on it but hints, so a failure stays quiet. */
export function useDemoMode(): DemoMode | undefined {
  const [demo, setDemo] = useState<DemoMode>();
  useEffect(() => {
    const closing = new AbortController();
    readDemoMode(closing.signal).then(setDemo, () => {});
    return () => closing.abort();
  }, []);
  return demo;
}
