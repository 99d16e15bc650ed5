import { callsPath } from './app-route.ts';
import { PageLink } from './page-link.tsx';

export function SiteHeader({ isDemo }: { readonly isDemo: boolean }) {
  return (
    <div className="border-b border-line bg-surface">
      <div className="mx-auto flex h-14 max-w-5xl items-center justify-between px-4">
        <PageLink to={callsPath} className="rounded font-semibold">
          MCP Telephone
        </PageLink>
        {isDemo && (
          <span
            className="rounded-full bg-wait-tint px-3 py-1 text-sm font-medium text-wait"
            title="No credentials are set: the phone network, the voice model or both are simulated."
          >
            Demo
          </span>
        )}
      </div>
    </div>
  );
}
