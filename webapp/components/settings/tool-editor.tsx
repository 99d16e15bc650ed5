import { Trash2 } from 'lucide-react';
import { FormField } from './form-field.tsx';
import { parsedJson } from './settings-draft.ts';
import type { ToolDraft } from './settings-draft.ts';

const ways = [
  { value: 'hand', label: 'By hand: I answer in the page' },
  { value: 'webhook', label: 'Webhook: my server answers' },
  { value: 'mock', label: 'Fixed: always the same answer' },
] as const;

/** One tool of the owner's. Its schema is looked at while it is typed. */
export function ToolEditor({
  tool,
  problemOf,
  isDisabled,
  onChange,
  onRemove,
}: {
  readonly tool: ToolDraft;
  readonly problemOf: (field: string) => string | undefined;
  readonly isDisabled: boolean;
  readonly onChange: (changed: Partial<ToolDraft>) => void;
  readonly onRemove: () => void;
}) {
  const name = tool.name.trim() === '' ? 'Tool without a name' : tool.name;
  return (
    <div role="group" aria-label={name} className="grid grid-cols-1 gap-4 rounded-lg border border-line p-4">
      <div className="flex items-end gap-3">
        <div className="min-w-0 flex-1">
          <FormField
            label="Name"
            isCode
            value={tool.name}
            onChange={(changed) => onChange({ name: changed })}
            problem={problemOf('name')}
            isDisabled={isDisabled}
          />
        </div>
        {!isDisabled && (
          <button
            type="button"
            className="button self-start border border-edge text-bad sm:mt-6"
            aria-label={`Remove ${name}`}
            onClick={onRemove}
          >
            <Trash2 aria-hidden="true" className="size-4" />
          </button>
        )}
      </div>
      <FormField
        label="Description"
        rows={2}
        value={tool.description}
        onChange={(description) => onChange({ description })}
        problem={problemOf('description')}
        isDisabled={isDisabled}
        hint="What it does and when to use it: the agent goes by this."
      />
      <FormField
        label="Arguments (JSON Schema)"
        rows={7}
        isCode
        value={tool.parameters}
        onChange={(parameters) => onChange({ parameters })}
        problem={parsedJson(tool.parameters).problem ?? problemOf('parameters')}
        isDisabled={isDisabled}
      />
      <FormField
        label="How it is answered"
        value={tool.by}
        options={ways}
        onChange={(by) => onChange({ by: ways.find(({ value }) => value === by)?.value ?? tool.by })}
        problem={problemOf('answer')}
        isDisabled={isDisabled}
      />
      <AnswerFields tool={tool} problemOf={problemOf} isDisabled={isDisabled} onChange={onChange} />
    </div>
  );
}

function AnswerFields({
  tool,
  problemOf,
  isDisabled,
  onChange,
}: Omit<Parameters<typeof ToolEditor>[0], 'onRemove'>) {
  switch (tool.by) {
    case 'hand':
      return (
        <FormField
          label="How long the agent waits, in seconds"
          inputMode="numeric"
          value={tool.patienceSeconds}
          onChange={(patienceSeconds) => onChange({ patienceSeconds })}
          problem={problemOf('answer.patienceSeconds')}
          isDisabled={isDisabled}
          hint="The call’s page asks you, as it does when the agent has a question."
        />
      );
    case 'webhook':
      return (
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
          <FormField
            label="Address"
            inputMode="url"
            value={tool.url}
            onChange={(url) => onChange({ url })}
            problem={problemOf('answer.url')}
            isDisabled={isDisabled}
            hint="Gets a POST with callId, name and arguments as JSON; its body is the answer."
          />
          <FormField
            label="Time limit, in seconds"
            inputMode="numeric"
            value={tool.timeoutSeconds}
            onChange={(timeoutSeconds) => onChange({ timeoutSeconds })}
            problem={problemOf('answer.timeoutSeconds')}
            isDisabled={isDisabled}
          />
        </div>
      );
    case 'mock':
      return (
        <FormField
          label="Answer"
          rows={2}
          isCode
          value={tool.output}
          onChange={(output) => onChange({ output })}
          problem={problemOf('answer.output')}
          isDisabled={isDisabled}
        />
      );
  }
}
