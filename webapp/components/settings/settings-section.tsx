import type { ReactNode } from 'react';

export function SettingsSection({
  id,
  title,
  intro,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly intro: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="card grid grid-cols-1 gap-4 p-5">
      <div>
        <h2 id={id} className="scroll-mt-6 font-semibold">
          {title}
        </h2>
        <p className="mt-0.5 text-sm text-muted">{intro}</p>
      </div>
      {children}
    </section>
  );
}
