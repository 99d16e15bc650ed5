import type { Direction } from '../call/call.ts';

/** How an agent makes itself known, in one language. */
interface Wording {
  /** An example for the model. @param owner for whom it calls; null when it has no name */
  readonly words: (owner: string | null) => string;
  /** Other words than the abbreviation by which an agent is known as one. */
  readonly names: RegExp;
}

/** By language, ISO 639-1. */
const wordings: Readonly<Record<string, Wording>> = {
  en: {
    words: (owner) => `Hello, this is an AI assistant calling for ${owner ?? 'my client'}.`,
    names: /artificial intelligence|(?:virtual|automated|digital) (?:assistant|agent|caller|voice|system)/iu,
  },
  de: {
    words: (owner) =>
      `Guten Tag, hier spricht ein KI-Assistent im Auftrag von ${owner ?? 'meinem Auftraggeber'}.`,
    names: /künstliche\p{L}* Intelligenz|(?:virtuell|digital|automatisch)e\p{L}* (?:Assistent|Anruf)/iu,
  },
  fr: {
    words: (owner) => `Bonjour, je suis un assistant IA et j’appelle de la part de ${owner ?? 'mon client'}.`,
    names: /intelligence artificielle|assistante? (?:virtuel|numérique)/iu,
  },
  es: {
    words: (owner) => `Hola, soy un asistente de IA y llamo de parte de ${owner ?? 'mi cliente'}.`,
    names: /inteligencia artificial|asistente (?:virtual|digital)/iu,
  },
  it: {
    words: (owner) => `Buongiorno, sono un assistente IA e chiamo per conto di ${owner ?? 'un cliente'}.`,
    names: /intelligenza artificiale|assistente (?:virtuale|digitale)/iu,
  },
  pt: {
    words: (owner) => `Olá, sou um assistente de IA e ligo em nome de ${owner ?? 'um cliente'}.`,
    names: /inteligência artificial|assistente (?:virtual|digital)/iu,
  },
  nl: {
    words: (owner) => `Goedendag, u spreekt met een AI-assistent namens ${owner ?? 'mijn opdrachtgever'}.`,
    names: /kunstmatige intelligentie|(?:virtuele|digitale) assistent/iu,
  },
  pl: {
    words: (owner) => `Dzień dobry, tu asystent AI, dzwonię w imieniu ${owner ?? 'mojego klienta'}.`,
    names: /sztuczn\p{L}+ inteligencj\p{L}+|wirtualn\p{L}+ asystent/iu,
  },
  sv: {
    words: (owner) => `Hej, jag är en AI-assistent och ringer för ${owner ?? 'min uppdragsgivare'}.`,
    names: /artificiell intelligens|(?:virtuell|digital) assistent/iu,
  },
  da: {
    words: (owner) => `Goddag, jeg er en AI-assistent og ringer for ${owner ?? 'min opdragsgiver'}.`,
    names: /kunstig intelligens|(?:virtuel|digital) assistent/iu,
  },
  ja: {
    words: (owner) => `お電話失礼します。${owner ?? '依頼者'}の代理でお電話しているAIアシスタントです。`,
    names: /エーアイ|人工知能|自動音声/u,
  },
  zh: {
    words: (owner) => `您好，我是人工智能助手，代表${owner ?? '我的客户'}致电。`,
    names: /人工智能|人工智慧|智能助手/u,
  },
};

/** "AI" and its like, as a word of its own, or between characters of a script that has no spaces. */
const abbreviation = /(?<![\p{Script=Latin}\p{N}])(?:AI|A\.\s?I\.?|KI|IA|ＡＩ)(?![\p{Script=Latin}\p{N}])/u;

/**
 * What the agent is told of making itself known, with words that do.
 *
 * @param language BCP 47; null when the person decides
 * @param ownerName for whom it speaks; null when that is not to be said
 */
export function disclosureRule(
  direction: Direction,
  language: string | null,
  ownerName: string | null,
): string {
  if (direction === 'inbound') {
    return `Say in your first sentence that you are an AI assistant${ownerName === null ? '' : ` who answers the phone for ${ownerName}`}.`;
  }
  const known = wordings[language?.split('-')[0]?.toLowerCase() ?? 'en'] ?? wordings['en'];
  const example = known === undefined ? '' : `, as in: "${known.words(ownerName)}"`;
  return `Say in your first sentence that you are an AI assistant, and for whom you call, in the language of the call${example} Then say why. Say so again to each new person who comes to the phone.`;
}

/** What the agent is told when it has spoken and not said what it is. */
export const disclosureReminder =
  '[You have not yet said that you are an AI assistant. Say so at the beginning of your next sentence.]';

/** Whether words make known that they are an AI's, in any language of the table. */
export function isDisclosure(words: string): boolean {
  return abbreviation.test(words) || Object.values(wordings).some(({ names }) => names.test(words));
}
