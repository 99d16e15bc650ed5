'use client';

import PageFault from './error.tsx';
import './globals.css';

export default function GlobalFault({ reset }: { readonly reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <PageFault reset={reset} />
      </body>
    </html>
  );
}
