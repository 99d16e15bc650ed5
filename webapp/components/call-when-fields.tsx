import { useState } from 'react';
import type { DraftFieldsProps } from './call-details-fields.tsx';
import { localFieldTime, zoneName } from './call-when.ts';
import { CheckField } from './check-field.tsx';
import { TextField } from './text-field.tsx';

const minuteMs = 60_000;

/** When to dial, and whether to record. */
export function CallWhenFields({
  draft,
  change,
  canRecord,
}: DraftFieldsProps & { readonly canRecord: boolean }) {
  const [earliest] = useState(() => localFieldTime(Date.now() + minuteMs));
  return (
    <div className="grid grid-cols-1 gap-4">
      <TextField
        label="Call at"
        type="datetime-local"
        min={earliest}
        value={draft.scheduleAt}
        onChange={(scheduleAt) => change({ scheduleAt })}
        hint={`Empty: at once. Your time, ${zoneName()}; up to 90 days ahead`}
      />
      <CheckField
        label="Record the call"
        isOn={draft.record}
        isOff={!canRecord}
        onChange={(record) => change({ record })}
        hint={
          canRecord
            ? 'From the moment on at which the person has heard so.'
            : 'Calls are not recorded here: the operator allows it by RECORD_CALLS=on on the server.'
        }
      />
    </div>
  );
}
