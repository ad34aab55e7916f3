export { forwardAudit as handler } from '../../lib/audit-trail/forward.ts';
