import { sentencesOf } from '../sentences.ts';
import { timesIn } from './times.ts';

/** What somebody can mean. One utterance may mean several things at once. */
export type Meaning =
  | 'voicemail'
  | 'menu'
  | 'hold'
  | 'screening'
  | 'robot'
  | 'repeat'
  | 'no-more-calls'
  | 'human-wanted'
  | 'refusal'
  | 'escalation'
  | 'unavailable'
  | 'offer'
  | 'assent-wanted'
  | 'anything-else'
  | 'confirmation'
  | 'agreement'
  | 'goodbye'
  | 'greeting'
  | 'question';

const patterns: Readonly<Record<Exclude<Meaning, 'offer' | 'question'>, RegExp>> = {
  voicemail:
    /\bleave (?:us |me |him |her )?(?:a |your )?(?:\w+ )?message\b|after the (?:tone|beep)|\bvoice ?mail\b|\bmailbox\b|(?:can't|cannot) (?:come to|take|answer) (?:the|your) (?:phone|call)|record your message/i,
  menu: /\b(?:press|dial|push)\s+(?:[0-9*#]|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)\b/i,
  hold: /\b(?:please )?hold\b(?! (?:a|the) table)|\bone moment\b|\bjust (?:a|one) (?:moment|minute|second|sec)\b|\bbear with me\b|\bput you (?:on hold|through)\b|\btransfer(?:ring)? (?:you|your call)\b|\bconnect(?:ing)? you\b|\byour call is important\b|\bnext available (?:agent|representative)\b|\blet me (?:check|see|look)\b|\bplease (?:wait|stay on the line)\b/i,
  screening:
    /\b(?:say|state|record|tell (?:me|us)) your name\b|\bwho(?:'s| is|m)? (?:is )?(?:calling|this|speaking|am i (?:speaking|talking))\b|\b(?:why you(?:'re| are) calling|reason for (?:your|the) call|what (?:is|are) (?:this|you calling) (?:about|regarding|for))\b|\bcall screening\b|\bscreen(?:s|ing) (?:this|your) call\b|what do you want/i,
  robot:
    /\b(?:are you|is this|am i (?:talking|speaking) (?:to|with)|you'?re)\b[^.?!]{0,20}\b(?:robot|bot|machine|human|real person|person|ai|a\.i|computer|recording|automated)\b/i,
  repeat:
    /\b(?:(?:say|tell me) (?:that|it|this) again|repeat (?:that|it)|pardon|come again|(?:didn't|did not|couldn't) (?:catch|hear|get|understand))\b/i,
  'no-more-calls':
    /\b(?:stop|never|don't|do not) call(?:ing)?\b[^.?!]{0,25}\b(?:again|any ?more|ever)\b|\bstop calling\b|\bdo[- ]not[- ]call list\b|\b(?:take|remove) (?:me|us|this number|my number) (?:off|from)\b/i,
  'human-wanted':
    /\b(?:talk|speak) (?:to|with) (?:a|an actual|a real|some) (?:human|real person|human being)\b|\b(?:get|give) me a (?:human|real person)\b|\bwant a (?:human|real person)\b|\ba human,? please\b/i,
  refusal:
    /\bnot interested\b|\bwrong number\b|\b(?:stop|don't|do not) call(?:ing)?\b|\bremove (?:me|us)\b|\btake me off\b|\bleave (?:me|us) alone\b/i,
  escalation:
    /\b(?:manager|owner|supervisor|colleague|someone|somebody|he|she|i|we)(?:'ll| will| would| has to| have to| needs? to)\b[^.?!]{0,25}\bcall (?:you|them|your client)?\s*back\b|\b(?:need|have) to (?:speak|talk) (?:to|with) (?:the|a|our|my) (?:manager|owner|supervisor|human|person|doctor)\b|\bonly (?:the )?(?:manager|owner|doctor) can\b|\bneeds? to be (?:done|arranged) (?:in person|online)\b/i,
  unavailable:
    /\b(?:fully|completely|all) booked\b|\bbooked (?:up|out|solid)\b|\bsold out\b|\bno (?:tables?|availability|openings?|slots?|rooms?|appointments?|space)\b|\b(?:not|isn't|aren't|nothing) (?:available|free|open)\b|\bunavailable\b|\bnothing else\b|\b(?:can't|cannot|can not|couldn't|unable to|don't|do not) (?:do|take|offer|have|accommodate|fit|help)\b|\bwe(?:'re| are) (?:full|closed)\b/i,
  'assent-wanted':
    /\b(?:shall|should|can|may) (?:i|we) (?:book|put|reserve|confirm|go ahead|do|take|give|schedule|make)\b|\b(?:is|does|would|will) (?:that|this|it|which)[^.?!]{0,25}\b(?:ok|okay|fine|work|suit|good|right|correct|all right|alright|do)\b|\bwould you like (?:me to|that|it|to (?:book|take|reserve))\b|\b(?:do you|would you) want (?:me to|that|it|to (?:book|take))\b|\bis that (?:correct|right)\b|,\s*(?:right|correct|okay|ok)\?|\binstead\?/i,
  'anything-else': /\b(?:anything|something) else\b|\bis that all\b|\bthat be all\b/i,
  confirmation:
    /\bconfirm(?:ed|ation)\b|\b(?:all set|all done|booked|reserved|noted|scheduled|arranged)\b|\b(?:see|expect) you\b|\bwe(?:'ll| will) be expecting\b|\b(?:you(?:'re| are)|it(?:'s| is)|that(?:'s| is)) (?:in|done|down|set|cancelled|canceled|sorted)\b|\bloud and clear\b|\b(?:can|do) hear you\b|\beverything (?:is )?(?:work|fine|in order|looks|sounds)\w*\b|\b(?:is|are) working\b|\bworks? (?:fine|well|perfectly|great)\b|\bi(?:'ve| have) (?:got|put|made|taken|passed|cancelled|changed)\b|\b(?:reference|booking|order) number is\b/i,
  agreement:
    /\b(?:yes|yeah|yep|sure|certainly|of course|absolutely|no problem|ok|okay|all right|alright|perfect|great|sounds good|that's right|correct|gladly|happy to)\b/i,
  goodbye: /\b(?:good ?bye|bye|have a (?:nice|good|great|lovely)|take care|good night)\b/i,
  greeting:
    /^\s*(?:hello|hi|hey|good (?:morning|afternoon|evening))\b|\bhow (?:can|may) (?:i|we) help\b|\bthank(?:s| you) for (?:holding|waiting|your patience)\b|\bspeaking\b/i,
};

const offering =
  /\b(?:how|what) about\b|\b(?:we|i) (?:do |could |can |still |only |would |might )*(?:have|offer|do|fit|get you|give you|squeeze)\b|\b(?:earliest|next|first|available|free|opening|slot|instead|could you do|would\b[^.?!]*\bwork)\b/i;

const asking =
  /^(?:and |so |okay,? |great,? |sure,? |yes,? |of course,? )*(?:what|which|when|where|who|whose|how|may|could|can|do|does|is|are|will|would|under (?:what|which))\b/i;

/**
 * What an utterance means, in the words that a demo's callers use. English only.
 *
 * @param wantedTime the time that the client asked for; another time on offer is an offer
 */
export function meaningsOf(text: string, wantedTime?: string): ReadonlySet<Meaning> {
  const meanings = new Set<Meaning>();
  for (const [meaning, pattern] of Object.entries(patterns)) {
    if (pattern.test(text)) meanings.add(meaning as Meaning);
  }
  const sentences = sentencesOf(text);
  if (sentences.some((sentence) => sentence.includes('?') || asking.test(sentence))) meanings.add('question');
  if (offeredTime(text, wantedTime) !== undefined && (meanings.has('unavailable') || offering.test(text))) {
    meanings.add('offer');
  }
  if (meanings.has('assent-wanted')) meanings.delete('confirmation');
  // "I confirmed that there is nothing free" confirms nothing that was wanted.
  if (meanings.has('unavailable')) meanings.delete('confirmation');
  const isRealQuestion = meanings.has('question') && !meanings.has('greeting');
  if (isRealQuestion && sentences.at(-1)?.includes('?')) meanings.delete('hold');
  return meanings;
}

const askingForLife = /\b(?:are you|is (?:anyone|anybody|someone)) (?:still )?(?:there|on the line)\b/i;
const callingOut = /^(?:hello|hi|hey)\?$/i;

/** @returns the text without "Hello? Are you still there?"; nothing where it says no more than that */
export function withoutLifeCheck(text: string): string {
  if (!askingForLife.test(text)) return text;
  const isMore = (sentence: string) => !askingForLife.test(sentence) && !callingOut.test(sentence.trim());
  return sentencesOf(text).filter(isMore).join(' ');
}

const relativeTime = /\b(?:an?|one|two|half an) hours? (?:later|earlier)\b/i;

/** @returns the first time in a text that is not the one asked for */
export function offeredTime(text: string, wantedTime: string | undefined): string | undefined {
  const wanted = timesIn(wantedTime ?? '')[0]?.minutes;
  return timesIn(text).find(({ minutes }) => minutes !== wanted)?.text ?? relativeTime.exec(text)?.[0];
}

/** @returns the sentence of a text in which something was said, verbatim */
export function quoteOf(text: string, something: string | RegExp): string {
  const isIn = (sentence: string) =>
    typeof something === 'string' ? sentence.includes(something) : something.test(sentence);
  return sentencesOf(text).find(isIn) ?? text;
}
