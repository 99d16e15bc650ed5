'use client';

import { PageFrame } from '../page-frame.tsx';
import { SetupPage } from './setup-page.tsx';

export function SetupApp() {
  return (
    <PageFrame>
      <SetupPage />
    </PageFrame>
  );
}
