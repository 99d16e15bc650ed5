import { useServerStatus } from '../../live/use-server-status.ts';
import type { SettingsPage } from '../../live/settings-api.ts';
import { FormField } from './form-field.tsx';
import type { SettingsDraft, FieldProblems } from './settings-draft.ts';
import { SettingsSection } from './settings-section.tsx';
import { instructionTemplates } from './tool-templates.ts';
import { VoiceSample } from './voice-sample.tsx';

export interface SectionProps {
  readonly draft: SettingsDraft;
  readonly problems: FieldProblems;
  readonly isDisabled: boolean;
  readonly change: (changed: Partial<SettingsDraft>) => void;
}

/** How the agent is in every call. */
export function AgentSection({
  draft,
  problems,
  isDisabled,
  change,
  page,
}: SectionProps & { readonly page: SettingsPage }) {
  const { defaults, choices } = page;
  const isVoiceSimulated = useServerStatus()?.demo.voiceModel === true;
  const voices =
    choices.voices.includes(draft.voice) || draft.voice === ''
      ? choices.voices
      : [...choices.voices, draft.voice];
  return (
    <SettingsSection
      id="agent"
      title="Agent"
      intro="Holds in every call. What a call itself asks for comes after it, and wins."
    >
      <FormField
        label="Instructions"
        rows={4}
        value={draft.instructions}
        onChange={(instructions) => change({ instructions })}
        problem={problems['instructions']}
        isDisabled={isDisabled}
        placeholder="Be brief. Never agree to pay anything."
      />
      {!isDisabled && (
        <div
          role="group"
          aria-label="Templates for instructions"
          className="-mt-2 flex flex-wrap items-center gap-2"
        >
          <span className="text-sm text-muted">Begin with</span>
          {instructionTemplates.map(({ label, text }) => (
            <button
              key={label}
              type="button"
              className="min-h-9 cursor-pointer rounded-full border border-edge px-3 text-sm"
              onClick={() =>
                change({
                  instructions: [draft.instructions.trim(), text].filter((part) => part !== '').join('\n'),
                })
              }
            >
              {label}
            </button>
          ))}
        </div>
      )}
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        <FormField
          label="Voice"
          value={draft.voice}
          onChange={(voice) => change({ voice })}
          problem={problems['voice']}
          isDisabled={isDisabled}
          options={[
            { value: '', label: `As configured (${defaults.voice})` },
            ...voices.map((voice) => ({ value: voice, label: voice })),
          ]}
        />
        <FormField
          label="Model"
          value={draft.model}
          onChange={(model) => change({ model })}
          problem={problems['model']}
          isDisabled={isDisabled}
          placeholder={defaults.model}
          options={choices.models.map((model) => ({ value: model, label: model }))}
          allowsOthers
        />
        <FormField
          label="Language"
          value={draft.language}
          onChange={(language) => change({ language })}
          problem={problems['language']}
          isDisabled={isDisabled}
          placeholder="The person’s own"
          hint="A tag such as en, en-GB or de"
        />
      </div>
      {isVoiceSimulated && <VoiceSample voice={draft.voice === '' ? defaults.voice : draft.voice} />}
      <p className="-mt-1 text-sm text-muted">
        Voice and model take effect with the next call, also where other changes go to calls that are up.
      </p>
    </SettingsSection>
  );
}

/** Who answers when somebody calls. */
export function InboundSection({ draft, problems, isDisabled, change }: SectionProps) {
  return (
    <SettingsSection
      id="inbound"
      title="Incoming calls"
      intro="Who answers when somebody calls your number. Set-up shows whether such calls come here."
    >
      <FormField
        label="Goal of the agent who answers"
        rows={2}
        value={draft.inboundGoal}
        onChange={(inboundGoal) => change({ inboundGoal })}
        problem={problems['inbound.goal']}
        isDisabled={isDisabled}
        placeholder="Find out who is calling and what they want, and take a message."
      />
      <FormField
        label="Instructions for incoming calls"
        rows={2}
        value={draft.inboundInstructions}
        onChange={(inboundInstructions) => change({ inboundInstructions })}
        problem={problems['inbound.instructions']}
        isDisabled={isDisabled}
        placeholder="Say that the office opens at nine."
      />
    </SettingsSection>
  );
}
