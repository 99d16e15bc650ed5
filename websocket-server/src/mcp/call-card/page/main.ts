import {
  App,
  PostMessageTransport,
  applyDocumentTheme,
  applyHostFonts,
  applyHostStyleVariables,
} from '@modelcontextprotocol/ext-apps';
import type { McpUiHostContext } from '@modelcontextprotocol/ext-apps';
import { emptyCard, isOver, withNews } from './card-state.ts';
import type { News } from './card-state.ts';
import { showCard, showFolded } from './card-view.ts';
import { listenToControls } from './controls.ts';
import { element, show } from './elements.ts';
import { contentOf, serverTools, wordsOf } from './server-tools.ts';

const lookEveryMs = 1000;
/** Nobody sees a card in the background. */
const lookHiddenMs = 5000;
const longestRetryMs = 15_000;

const app = new App({ name: 'mcp-telephone-call-card', version: '1.0.0' });
const toolName = () => app.getHostContext()?.toolInfo?.tool.name;
const tools = serverTools(app, toolName);
let state = emptyCard;
let isFollowing = false;
const tornDown = new AbortController();

function update(change: Partial<typeof state>): void {
  state = { ...state, ...change };
  showCard(state);
}

/** Looks at the call again and again, until it is over. */
async function follow(callId: string): Promise<void> {
  if (isFollowing) return;
  isFollowing = true;
  let failures = 0;
  while (!tornDown.signal.aborted && !isOver(state)) {
    try {
      const after = state.cursor === undefined ? {} : { after: state.cursor };
      // Only looks: a wait would have the host's own client ask the user what the card asks.
      const news = await tools.use('wait', { callId, ...after, timeoutSec: 0 });
      update(withNews(state, news as News));
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures > 1) update({ trouble: `No news of the call: ${sentenceOf(error)}` });
    }
    if (!isOver(state)) await pause(Math.min(longestRetryMs, pauseMs() * 2 ** Math.min(failures, 4)));
  }
  if (isOver(state)) await tellModel(`The call is over. ${state.report?.result?.summary ?? ''}`);
}

function pauseMs(): number {
  return document.hidden ? lookHiddenMs : lookEveryMs;
}

/** What the user did in the card, so that the model does not do it again. Not every host passes it on. */
async function tellModel(text: string): Promise<void> {
  if (app.getHostCapabilities()?.updateModelContext === undefined) return;
  const context = `Call ${state.callId}, in the user's call card: ${text}`;
  await app.updateModelContext({ content: [{ type: 'text', text: context }] }).catch(() => {});
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function dress(context: McpUiHostContext | undefined): void {
  if (context?.theme) applyDocumentTheme(context.theme);
  if (context?.styles?.variables) applyHostStyleVariables(context.styles.variables);
  if (context?.styles?.css?.fonts) applyHostFonts(context.styles.css.fonts);
}

app.ontoolinput = ({ arguments: given }) => {
  if (typeof given?.['goal'] === 'string') update({ goal: given['goal'] });
};
app.ontoolresult = (result) => {
  const told: Partial<News> = contentOf(result) ?? {};
  if (result.isError || typeof told.callId !== 'string') {
    return update({ trouble: wordsOf(result) || 'No call was placed.' });
  }
  const { callId } = told;
  update({ callId });
  // Models follow a call by many waits: only the first card of a call is worth its room.
  const isOneOfMany = toolName()?.endsWith('wait') ?? false;
  if (!isOneOfMany) return void follow(callId);
  const { turns: _read, cursor: _later, ...report } = told as News;
  update({ report });
  showFolded(true);
};
app.ontoolcancelled = ({ reason }) =>
  update({ trouble: `The request was taken back. ${reason ?? ''}`.trim() });
app.onhostcontextchanged = dress;
app.onteardown = () => {
  tornDown.abort();
  return {};
};

element('show').addEventListener('click', () => {
  showFolded(false);
  if (state.callId !== null) void follow(state.callId);
});
listenToControls({
  stateOf: () => state,
  use: tools.use,
  did: (text) => void tellModel(text),
  openPage: (url) => void app.openLink({ url }).catch(() => {}),
});

await app.connect(new PostMessageTransport(window.parent, window.parent));
dress(app.getHostContext());
show('open-page', app.getHostCapabilities()?.openLinks !== undefined);
