import { releaseWords } from './authority-draft.ts';
import type { AuthorityDraft, FactDraft, SecretDraft } from './authority-draft.ts';
import { CheckField } from './check-field.tsx';
import { EditableRows } from './editable-rows.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

/** What the agent may tell, agree to and do in the call. */
export function AuthorityFields({
  authority,
  onChange,
}: {
  readonly authority: AuthorityDraft;
  readonly onChange: (authority: AuthorityDraft) => void;
}) {
  const change = (changed: Partial<AuthorityDraft>) => onChange({ ...authority, ...changed });
  return (
    <div className="grid grid-cols-1 gap-4">
      <p className="text-sm text-muted">
        Empty: as far as the goal goes. What you set here holds whatever the person says.
      </p>
      <FactFields facts={authority.facts} onChange={(facts) => change({ facts })} />
      <TextField
        label="May agree to"
        rows={2}
        value={authority.mayAgreeTo}
        onChange={(mayAgreeTo) => change({ mayAgreeTo })}
        placeholder="Any table from 18:00 to 20:30, indoors"
      />
      <TextField
        label="May spend, in US dollars"
        type="number"
        value={authority.maxSpend}
        onChange={(maxSpend) => change({ maxSpend })}
        placeholder="25"
        hint="What it may agree to pay. 0: nothing"
      />
      <CheckField
        label="May hand the call over to me"
        isOn={authority.mayTransfer}
        onChange={(mayTransfer) => change({ mayTransfer })}
      />
      <CheckField
        label="May press keys in phone menus"
        isOn={authority.mayPressKeys}
        onChange={(mayPressKeys) => change({ mayPressKeys })}
      />
      <SecretFields secrets={authority.secrets} onChange={(secrets) => change({ secrets })} />
    </div>
  );
}

function FactFields({
  facts,
  onChange,
}: {
  readonly facts: readonly FactDraft[];
  readonly onChange: (facts: readonly FactDraft[]) => void;
}) {
  return (
    <EditableRows
      legend="Facts, and when to tell them"
      addWords="Add a fact with a rule"
      thing="this fact"
      rows={facts}
      added={{ name: '', value: '', release: 'if_asked' }}
      onChange={onChange}
      fields={(fact, change) => (
        <>
          <input
            className="field"
            aria-label="Name of the fact"
            placeholder="date of birth"
            value={fact.name}
            onChange={(event) => change({ name: event.target.value })}
          />
          <SelectField
            label="When to tell it"
            isLabelHidden
            value={fact.release}
            choices={releaseWords}
            onChange={(release) => change({ release })}
          />
          <input
            className="field col-span-2"
            aria-label="Value of the fact"
            placeholder="1 May 1990"
            value={fact.value}
            onChange={(event) => change({ value: event.target.value })}
          />
        </>
      )}
    />
  );
}

/** Keys that the agent presses and never learns: they stay in this form until the call is placed. */
function SecretFields({
  secrets,
  onChange,
}: {
  readonly secrets: readonly SecretDraft[];
  readonly onChange: (secrets: readonly SecretDraft[]) => void;
}) {
  return (
    <EditableRows
      legend="Secrets: keys to press when a menu asks for them"
      hint="A PIN or a card number. The agent presses it by its name without knowing it; it is not kept, and nobody is shown it again. Not for a call at a later time."
      addWords="Add a secret"
      thing="this secret"
      rows={secrets}
      added={{ name: '', digits: '' }}
      onChange={onChange}
      fields={(secret, change) => (
        <>
          <input
            className="field"
            aria-label="Name of the secret"
            placeholder="pin"
            autoComplete="off"
            value={secret.name}
            onChange={(event) => change({ name: event.target.value })}
          />
          <input
            className="field"
            type="password"
            inputMode="tel"
            // Of all fields that hide what is typed, only this kind is not offered to be remembered.
            autoComplete="one-time-code"
            aria-label="Keys of the secret"
            placeholder="4711#"
            value={secret.digits}
            onChange={(event) => change({ digits: event.target.value })}
          />
        </>
      )}
    />
  );
}
