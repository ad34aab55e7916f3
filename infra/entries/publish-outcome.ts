export { publishOutcome as handler } from '../../lib/outcomes/publish-outcome.ts';
