import { Notice } from '../components/notice.tsx';

export default function NotFound() {
  return (
    <main className="mx-auto max-w-5xl px-4 py-10">
      <Notice title="There is no such page" isHeading>
        <a className="text-accent underline" href="/">
          All calls
        </a>
      </Notice>
    </main>
  );
}
