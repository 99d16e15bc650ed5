import type { Config } from '../config/config.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CarrierChoices, CarrierSetup } from './carrier-setup.ts';
import type { Carrier } from './carrier.ts';
import { createTwilio } from './twilio/index.ts';
import { createTwilioSetup } from './twilio/setup/index.ts';

/** The carrier that the settings name. There is one, so they name none. */
export function createCarrier(config: Config, runtime: Runtime): Carrier {
  return createTwilio(config, runtime);
}

export function createCarrierSetup(config: Config, runtime: Runtime, choices: CarrierChoices): CarrierSetup {
  return createTwilioSetup(config, runtime, choices);
}
