export type SaveState =
  | { readonly is: 'idle' | 'saving' }
  | { readonly is: 'saved'; readonly applyTo: 'next' | 'live'; readonly liveCalls: number }
  | { readonly is: 'refused'; readonly message: string; readonly isStale: boolean };

/** Stays in sight: whether anything is unsaved, and the ways to save it. */
export function SaveBar({
  isChanged,
  state,
  onSaveLive,
  onDiscard,
  onReload,
}: {
  readonly isChanged: boolean;
  readonly state: SaveState;
  readonly onSaveLive: () => void;
  readonly onDiscard: () => void;
  readonly onReload: () => void;
}) {
  const isSaving = state.is === 'saving';
  const isIdle = !isChanged || isSaving;
  // A phone's screen is small: nothing to save takes one line of it.
  const onPhone = isIdle && !isSaving ? 'max-sm:hidden' : 'max-sm:flex-1';
  return (
    <div data-save-bar className="fixed inset-x-0 bottom-0 border-t border-line bg-surface">
      <div className="mx-auto flex max-w-4xl flex-wrap items-center gap-2 px-4 py-3">
        <p role="status" className={`min-w-0 flex-1 text-sm max-sm:basis-full ${colourOf(state, isChanged)}`}>
          {wordsOf(state, isChanged)}
        </p>
        {state.is === 'refused' && state.isStale ? (
          <button type="button" className="button border border-edge" onClick={onReload}>
            Load them again
          </button>
        ) : (
          <>
            <button
              type="button"
              className={`button border border-edge ${onPhone}`}
              disabled={isIdle}
              onClick={onDiscard}
            >
              Discard
            </button>
            <button
              type="button"
              className={`button border border-edge max-sm:order-last max-sm:basis-full ${onPhone}`}
              disabled={isIdle}
              onClick={onSaveLive}
            >
              Save, also for live calls
            </button>
            <button type="submit" className={`button bg-accent text-on-accent ${onPhone}`} disabled={isIdle}>
              {isSaving ? 'Saving…' : 'Save'}
            </button>
          </>
        )}
      </div>
    </div>
  );
}

function colourOf(state: SaveState, isChanged: boolean): string {
  if (state.is === 'refused') return 'font-medium text-bad';
  return state.is === 'idle' && isChanged ? 'font-medium text-wait' : 'text-muted';
}

function wordsOf(state: SaveState, isChanged: boolean): string {
  switch (state.is) {
    case 'saving':
      return 'Saving…';
    case 'refused':
      return state.message;
    case 'saved':
      if (state.applyTo === 'next') return 'Saved. Calls from now on follow it.';
      return state.liveCalls === 0
        ? 'Saved. No call is up; calls from now on follow it.'
        : `Saved. ${state.liveCalls === 1 ? 'One call that is up follows' : `${state.liveCalls} calls that are up follow`} it too.`;
    case 'idle':
      return isChanged ? 'You have unsaved changes.' : 'Everything is saved.';
  }
}
