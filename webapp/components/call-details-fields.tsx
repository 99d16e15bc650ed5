import type { CallDraft } from './call-draft.ts';
import { ResultFieldsEditor } from './result-fields-editor.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

export interface DraftFieldsProps {
  readonly draft: CallDraft;
  readonly change: (changed: Partial<CallDraft>) => void;
}

/** What the agent is told besides its goal, what it brings home, and how far it may go. */
export function CallDetailsFields({ draft, change }: DraftFieldsProps) {
  return (
    <div className="grid grid-cols-1 gap-4">
      <TextField
        label="Details"
        rows={3}
        value={draft.details}
        onChange={(details) => change({ details })}
        placeholder={'name: Rivera\nparty size: 2'}
        hint="One “name: value” a line, for the agent to know"
      />
      <TextField
        label="Instructions"
        rows={2}
        value={draft.instructions}
        onChange={(instructions) => change({ instructions })}
        placeholder="Be brief. Outside seating if there is any."
      />
      <div className="grid grid-cols-1 gap-2">
        <SelectField
          label="On a voicemail"
          value={draft.voicemail}
          choices={[
            ['hang_up', 'Hang up'],
            ['leave_message', 'Leave a message'],
          ]}
          onChange={(voicemail) => change({ voicemail })}
        />
        {draft.voicemail === 'leave_message' && (
          <TextField
            label="Message"
            rows={2}
            value={draft.message}
            onChange={(message) => change({ message })}
            hint="Empty: the agent words it"
          />
        )}
      </div>
      <ResultFieldsEditor fields={draft.results} onChange={(results) => change({ results })} />
      <TextField
        label="Call from"
        type="tel"
        value={draft.from}
        onChange={(from) => change({ from })}
        hint="Empty: the number set on the server"
      />
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label="Who is rung"
          value={draft.callee}
          choices={[
            ['business', 'A business'],
            ['person', 'A person'],
            ['self', 'Myself'],
          ]}
          onChange={(callee) => change({ callee })}
        />
        <TextField
          label="Language"
          value={draft.language}
          onChange={(language) => change({ language })}
          placeholder="en, de-AT"
        />
      </div>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Longest call, in s"
          type="number"
          value={draft.timeoutSec}
          onChange={(timeoutSec) => change({ timeoutSec })}
          placeholder="180"
        />
        <TextField
          label="At most, in US$"
          type="number"
          value={draft.maxCostUsd}
          onChange={(maxCostUsd) => change({ maxCostUsd })}
          placeholder="No limit"
        />
      </div>
    </div>
  );
}
