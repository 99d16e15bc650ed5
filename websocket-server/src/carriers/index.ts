import type { Config } from '../config/config.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CarrierSetup } from './carrier-setup.ts';
import type { Carrier } from './carrier.ts';
import { createTwilio } from './twilio/index.ts';
import { createTwilioSetup } from './twilio/setup/index.ts';

/** The carrier that the settings name. There is one, so they name none. */
export function createCarrier(config: Config, runtime: Runtime): Carrier {
  return createTwilio(config, runtime);
}

/** @param chosen the number that calls come from by default; null when none is chosen */
export function createCarrierSetup(
  config: Config,
  runtime: Runtime,
  chosen: () => string | null,
): CarrierSetup {
  return createTwilioSetup(config, runtime, chosen);
}
