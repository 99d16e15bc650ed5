'use client';

import { Notice } from '../components/notice.tsx';

export default function PageFault({ reset }: { readonly reset: () => void }) {
  return (
    <main className="mx-auto max-w-5xl px-4 py-10">
      <Notice title="This page broke" isAlert>
        <p>Your calls go on without it.</p>
        <button type="button" className="button mt-4 bg-accent text-on-accent" onClick={reset}>
          Show it again
        </button>
      </Notice>
    </main>
  );
}
