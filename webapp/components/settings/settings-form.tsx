import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { FormEvent } from 'react';
import { sentenceOf, ServerRefused } from '../../live/ask-server.ts';
import { isRecord } from '../../live/is-record.ts';
import { saveLimits, saveSettings } from '../../live/settings-api.ts';
import type { SettingsPage } from '../../live/settings-api.ts';
import { useMay } from '../../live/use-session.ts';
import { AgentSection, InboundSection } from './agent-section.tsx';
import { limitChanges, limitsDraftOf } from './limits/limits-draft.ts';
import type { LimitsDraft } from './limits/limits-draft.ts';
import { LimitsSection } from './limits/limits-section.tsx';
import { SaveBar } from './save-bar.tsx';
import type { SaveState } from './save-bar.tsx';
import { draftOf, settingsOf } from './settings-draft.ts';
import type { FieldProblems, SettingsDraft } from './settings-draft.ts';
import { ToolsSection } from './tools-section.tsx';
import { BuiltInTools } from './built-in-tools.tsx';

const noProblems: FieldProblems = {};

/** All settings in one form: nothing is in force before it is saved. */
export function SettingsForm({
  page: loaded,
  onReload,
}: {
  readonly page: SettingsPage;
  /** Loads what others have saved; what was typed here is lost. */
  readonly onReload: () => void;
}) {
  const [page, setPage] = useState(loaded);
  const [draft, setDraft] = useState(() => draftOf(loaded.settings));
  const [limitsDraft, setLimitsDraft] = useState(() => limitsDraftOf(loaded.limits));
  const [problems, setProblems] = useState(noProblems);
  const [state, setState] = useState<SaveState>({ is: 'idle' });
  const form = useRef<HTMLFormElement>(null);
  // Whoever may read, place and control: the server asks for all of them.
  const mayControl = useMay('calls:control');
  const mayChange = useMay('calls:place') && mayControl;
  const areSettingsChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(page.settings));
  const isChanged =
    areSettingsChanged || JSON.stringify(limitsDraft) !== JSON.stringify(limitsDraftOf(page.limits));
  const isDisabled = !mayChange || state.is === 'saving';

  useEffect(() => {
    if (!isChanged) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isChanged]);

  function change(changed: Partial<SettingsDraft>): void {
    setDraft((before) => ({ ...before, ...changed }));
    forgetAnswer();
  }

  function changeLimits(changed: Partial<LimitsDraft>): void {
    setLimitsDraft((before) => ({ ...before, ...changed }));
    forgetAnswer();
  }

  function forgetAnswer(): void {
    setProblems(noProblems);
    setState({ is: 'idle' });
  }

  function take(saved: SettingsPage): void {
    setPage(saved);
    setDraft(draftOf(saved.settings));
    setLimitsDraft(limitsDraftOf(saved.limits));
  }

  async function save(applyTo: 'next' | 'live'): Promise<void> {
    const wanted = settingsOf(draft);
    const { changes, problems: ofLimits } = limitChanges(limitsDraft, page.limits);
    const found = { ...('problems' in wanted ? wanted.problems : {}), ...ofLimits };
    if ('problems' in wanted || Object.keys(found).length > 0) return tellProblems(found);
    setState({ is: 'saving' });
    try {
      if (Object.keys(changes).length > 0) {
        const limits = await saveLimits(changes);
        setPage((before) => ({ ...before, limits }));
        setLimitsDraft(limitsDraftOf(limits));
      }
      if (!areSettingsChanged && applyTo === 'next') return setState({ is: 'saved', applyTo, liveCalls: 0 });
      const saved = await saveSettings(wanted.settings, page.version, applyTo);
      take(saved.page);
      setState({ is: 'saved', applyTo, liveCalls: saved.liveCalls });
    } catch (failure) {
      const fields = failure instanceof ServerRefused ? failure.details.fields : undefined;
      if (isRecord(fields)) return tellProblems(fields as FieldProblems);
      const isStale = failure instanceof ServerRefused && failure.code === 'settings-changed';
      setState({ is: 'refused', message: sentenceOf(failure), isStale });
    }
  }

  function tellProblems(found: FieldProblems): void {
    const count = Object.keys(found).length;
    // At once: while the form is saving its fields are disabled, and take no focus.
    flushSync(() => {
      setProblems(found);
      setState({
        is: 'refused',
        message: count === 1 ? 'One field is to be mended first.' : `${count} fields are to be mended first.`,
        isStale: false,
      });
    });
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  const section = { draft, problems, isDisabled, change };
  return (
    <form
      ref={form}
      aria-label="Settings"
      className="grid grid-cols-1 gap-6"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void save('next');
      }}
    >
      {!mayChange && (
        <p className="rounded-lg bg-wait-tint px-4 py-3 text-sm text-wait">
          Your token may read the settings but not change them: that takes calls:place and calls:control.
        </p>
      )}
      <AgentSection {...section} page={page} />
      <InboundSection {...section} />
      <ToolsSection {...section} />
      <BuiltInTools tools={page.builtInTools} />
      <LimitsSection
        limits={page.limits}
        draft={limitsDraft}
        problems={problems}
        mayChange={mayChange}
        isDisabled={isDisabled}
        onChange={changeLimits}
      />
      {mayChange && (
        <SaveBar
          isChanged={isChanged}
          state={state}
          onSaveLive={() => void save('live')}
          onDiscard={() => {
            take(page);
            forgetAnswer();
          }}
          onReload={onReload}
        />
      )}
    </form>
  );
}
