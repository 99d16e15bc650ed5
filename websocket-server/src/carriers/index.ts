import type { Config } from '../config.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Carrier } from './carrier.ts';
import { createTwilio } from './twilio/index.ts';

/** The carrier that the settings name. There is one, so they name none. */
export function createCarrier(config: Config, runtime: Runtime): Carrier {
  return createTwilio(config, runtime);
}
