import { RotateCw } from 'lucide-react';
import { useMay } from '../../live/use-session.ts';
import { useSetup } from '../../live/use-setup.ts';
import type { SetupReport } from '../../live/setup-api.ts';
import { Notice } from '../notice.tsx';
import { useArrival } from '../use-arrival.ts';
import { CheckRow } from './check-row.tsx';
import { NumberChoice } from './number-choice.tsx';
import { PointHereButton } from './point-here-button.tsx';

/** The checks of the set-up, live, each with what to change, and the few things that can be set from here. */
export function SetupPage() {
  const heading = useArrival('Set-up');
  const { report, problem, runAgain } = useSetup();
  const mayChange = useMay('calls:control');
  return (
    <main className="mx-auto grid max-w-4xl grid-cols-1 gap-6 px-4 py-8">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none">
          Set-up
        </h1>
        <button
          type="button"
          className="button gap-2 border border-edge"
          disabled={report?.isRunning === true}
          onClick={runAgain}
        >
          <RotateCw
            aria-hidden="true"
            className={`size-4 ${report?.isRunning === true ? 'animate-spin motion-reduce:animate-none' : ''}`}
          />
          {report?.isRunning === true ? 'Checking…' : 'Check again'}
        </button>
      </div>
      {problem !== undefined && (
        <Notice title={problem} isAlert>
          This page keeps trying.
        </Notice>
      )}
      {report !== undefined && (
        <>
          <Verdict report={report} />
          <section aria-labelledby="checks">
            <h2 id="checks" className="mb-2 font-semibold">
              Checks
            </h2>
            <ul className="card divide-y divide-line">
              {report.checks.map((check) => {
                // What this command mends, the button mends too; in words it is for those who cannot press it.
                const canPoint =
                  mayChange && check.id === 'carrier-webhook' && check.fix?.includes('doctor --fix') === true;
                return (
                  <CheckRow key={check.id} check={canPoint ? { ...check, fix: null } : check}>
                    {canPoint && <PointHereButton onDone={runAgain} />}
                  </CheckRow>
                );
              })}
            </ul>
          </section>
          <NumberChoice chosen={report.number} mayChoose={mayChange && !report.isDemo} onChosen={runAgain} />
        </>
      )}
    </main>
  );
}

function Verdict({ report }: { readonly report: SetupReport }) {
  const problems = report.checks.filter(({ state }) => state === 'problem').length;
  const waiting = report.checks.filter(({ state }) => state === 'running').length;
  const { title, words, colours } = verdictOf(report, problems, waiting);
  return (
    <div role="status" className={`rounded-xl px-5 py-4 ${colours}`}>
      <p className="text-lg font-semibold">{title}</p>
      <p className="mt-0.5 text-sm">{words}</p>
    </div>
  );
}

function verdictOf({ isDemo, isRunning }: SetupReport, problems: number, waiting: number) {
  if (problems > 0) {
    return {
      title: 'Not ready',
      words: `${problems === 1 ? 'One problem is' : `${problems} problems are`} to be mended first. Each check below says how.`,
      colours: 'bg-bad-tint text-bad',
    };
  }
  if (isRunning) {
    return {
      title: 'Checking…',
      words: `${waiting} of the checks below ${waiting === 1 ? 'is' : 'are'} still asking.`,
      colours: 'bg-sunken text-ink',
    };
  }
  return isDemo
    ? {
        title: 'Ready for demo calls',
        words: 'Calls can be placed; what is simulated, and what a key would change, is told below.',
        colours: 'bg-live-tint text-live',
      }
    : { title: 'Ready', words: 'Calls can be placed.', colours: 'bg-live-tint text-live' };
}
