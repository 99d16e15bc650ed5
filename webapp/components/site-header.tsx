import { LogOut } from 'lucide-react';
import { useSession } from '../live/use-session.ts';
import { callsPath, phonePath, settingsPath, setupPath, useRoute } from './app-route.ts';
import { PageLink } from './page-link.tsx';

/** The pages that stand in the header. Those with a document of their own are loaded as such. */
const sitePages: readonly {
  readonly path: string;
  readonly label: string;
  readonly isOwnDocument: boolean;
}[] = [
  { path: callsPath, label: 'Calls', isOwnDocument: false },
  { path: phonePath, label: 'Phone', isOwnDocument: false },
  { path: setupPath, label: 'Set-up', isOwnDocument: true },
  { path: settingsPath, label: 'Settings', isOwnDocument: true },
];

export function SiteHeader({ isDemo }: { readonly isDemo: boolean }) {
  const own = useSession();
  const path = useRoute()?.path;
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex min-h-14 max-w-6xl items-center gap-x-5 px-4 max-sm:gap-x-2">
        <PageLink to={callsPath} className="flex shrink-0 items-center gap-2 rounded font-semibold">
          <img src="/icon.svg" alt="" className="size-6" />
          <span className="max-sm:sr-only">MCP Telephone</span>
        </PageLink>
        <nav aria-label="Pages" className="min-w-0 flex-1">
          <ul className="flex overflow-x-auto whitespace-nowrap sm:gap-1">
            {sitePages.map((page) => {
              const isHere =
                path === page.path ||
                path === `${page.path}/` ||
                (page.path === callsPath && path?.startsWith('/calls/'));
              const link = `block rounded-md px-3 py-1.5 text-sm max-sm:px-2 max-sm:py-3 font-medium -outline-offset-2 ${isHere === true ? 'bg-sunken text-ink' : 'text-muted hover:text-ink'}`;
              return (
                <li key={page.path}>
                  {page.isOwnDocument ? (
                    <a href={page.path} className={link} aria-current={isHere === true ? 'page' : undefined}>
                      {page.label}
                    </a>
                  ) : (
                    <PageLink to={page.path} className={link} isCurrent={isHere === true}>
                      {page.label}
                    </PageLink>
                  )}
                </li>
              );
            })}
          </ul>
        </nav>
        {isDemo && (
          <span
            className="shrink-0 rounded-full bg-wait-tint max-[359px]:hidden px-3 py-1 text-sm font-medium text-wait max-sm:px-2 max-sm:text-xs"
            title="No credentials are set: the phone network, the voice model or both are simulated."
          >
            Demo
          </span>
        )}
        {own?.session?.isRequired === true && own.session.isAuthenticated && (
          <button
            type="button"
            className="flex min-h-9 cursor-pointer items-center gap-2 rounded-md px-2 text-sm text-muted hover:text-ink"
            title={`Logged in as ${own.session.name ?? 'somebody'}`}
            onClick={own.leave}
          >
            <LogOut aria-hidden="true" className="size-4" />
            <span className="max-sm:sr-only">Log out</span>
          </button>
        )}
      </div>
    </header>
  );
}
