import { silenceLasting } from '../speech/mulaw.ts';
import { ringingTone } from '../speech/tones.ts';
import { HandedOver } from './machines.ts';
import type { Next } from './machines.ts';
import type { Handset, PersonInCall } from './persona.ts';

/** What a key of a phone menu does. */
export type MenuChoice =
  | { readonly does: 'menu'; readonly menu: PhoneMenu }
  | { readonly does: 'back' }
  | { readonly does: 'say'; readonly text: string }
  | { readonly does: 'connect'; readonly text: string }
  /** Whoever waits there is put through by the queue. */
  | { readonly does: 'queue' };

export interface PhoneMenu {
  readonly prompt: string;
  readonly keys: Readonly<Record<string, MenuChoice>>;
}

const wrongKey = 'Sorry, that is not a valid choice.';
const nothingChosen = 'We have not received a choice. Goodbye.';
const waitsMs = 6000;
const mostPrompts = 4;

/**
 * A menu that hears keys only, at any moment: a key stops what is being said.
 *
 * @param next who is connected, and who is met in the queue; without a queue one is connected at once
 */
export function phoneMenu(
  handset: Handset,
  first: PhoneMenu,
  next: { readonly connect: Next; readonly queue?: Next },
): PersonInCall {
  return new HandedOver((handOver) => {
    let menu = first;
    const above: PhoneMenu[] = [];
    let prompts = 0;
    /** Counts the keys: whatever was under way for an earlier one does not go on. */
    let turn = 0;

    const offer = async (before: string[]): Promise<void> => {
      const mine = ++turn;
      for (let words = [...before, menu.prompt]; prompts < mostPrompts; words = [menu.prompt]) {
        prompts++;
        for (const text of words) {
          await handset.say(text);
          if (mine !== turn) return;
        }
        await handset.play(silenceLasting(waitsMs));
        if (mine !== turn) return;
      }
      await handset.say(nothingChosen);
      if (mine === turn) handset.hangUp();
    };

    const connect = async (text: string): Promise<void> => {
      const mine = ++turn;
      await handset.say(text);
      await handset.play(ringingTone());
      if (mine === turn) handOver(next.connect(handset));
    };

    void offer([]);
    return {
      tick: () => undefined,
      pressed: (digit) => {
        handset.stopTalking();
        const choice = menu.keys[digit];
        if (choice?.does === 'connect') return void connect(choice.text);
        if (choice?.does === 'queue') {
          turn++;
          return handOver((next.queue ?? next.connect)(handset));
        }
        if (choice?.does === 'menu' || choice?.does === 'back') {
          if (choice.does === 'menu') above.push(menu);
          menu = choice.does === 'menu' ? choice.menu : (above.pop() ?? first);
          prompts = 0;
        }
        const before = choice === undefined ? [wrongKey] : choice.does === 'say' ? [choice.text] : [];
        void offer(before);
      },
    };
  });
}
