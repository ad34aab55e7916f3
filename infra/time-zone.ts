// Names of the IANA time zone database, as EventBridge has them: upper and lower case matter there.

const areas =
  'Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US';
const place = '[A-Z][\\w+-]*';
const ofAnArea = new RegExp(`^(${areas})(/${place})+$`);

// Of the short names that Node takes, the others are none of the database's, or mean another zone there.
const shortNames = new Set([
  ...['UTC', 'GMT', 'UCT', 'CET', 'EET', 'MET', 'WET', 'EST', 'MST', 'HST', 'PRC', 'ROC', 'ROK', 'NZ', 'GB'],
]);
const ofACountry = /^[A-Z][A-Za-z\d+-]{3,}$/;

/** Whether a name is that of a time zone, written as the database writes it. */
export function isTimeZone(name: string): boolean {
  if (!ofAnArea.test(name) && !shortNames.has(name) && !ofACountry.test(name)) return false;
  try {
    const canonical = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return canonical === name || canonical.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
