export * from './voice-model.ts';
export * from './script.ts';
export type { Act, Brain, Situation } from './dialogue.ts';
export type { Faults } from './faults.ts';
export type { SimulatedSession } from './simulated-session.ts';
export { ruleBasedBrain } from './brain/rule-based-brain.ts';
