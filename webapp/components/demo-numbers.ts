/** Numbers of the simulated phone network: the last four digits choose who answers. */
export const demoNumbers: readonly { readonly number: string; readonly answeredBy: string }[] = [
  { number: '+14155550101', answeredBy: 'A friendly business that can do it' },
  { number: '+14155550102', answeredBy: 'Fully booked, offers another time' },
  { number: '+14155550103', answeredBy: 'Busy' },
  { number: '+14155550104', answeredBy: 'Nobody' },
  { number: '+14155550105', answeredBy: 'Rejected by the carrier' },
  { number: '+14155550106', answeredBy: 'Voicemail with a beep' },
  { number: '+14155550107', answeredBy: 'A phone menu, two levels' },
  { number: '+14155550108', answeredBy: 'Hangs up in mid-sentence' },
  { number: '+14155550109', answeredBy: 'Talks over the agent' },
  { number: '+14155550110', answeredBy: 'Hold music, then a human' },
  { number: '+14155550111', answeredBy: 'Call screening' },
  { number: '+14155550112', answeredBy: 'Asks something that only you know' },
];

export const demoGoal = 'Book a table for two on Friday at 7:30 pm';
