/**
 * The known name that takes the fewest edits (Levenshtein) to get to, upper and lower case being the same; undefined
 * where most of it would have to be edited, and where nobody could see a difference.
 */
export function nearestName(name: string, known: string[]): string | undefined {
  const most = Math.max(2, name.length / 2);
  // A name is at least as many edits away as it is longer or shorter; nobody waits for what is megabytes long.
  const near = known.filter((other) => Math.abs(other.length - name.length) <= most && name.length <= 100);
  const distances = near.map((other) => ({
    other,
    distance: edits(name.toLowerCase(), other.toLowerCase()),
  }));
  const [nearest] = distances.toSorted((a, b) => a.distance - b.distance);
  if (!nearest || nearest.distance > most) return undefined;
  const { other } = nearest;
  const looksTheSame = asSeen(name) === asSeen(other) && name.toLowerCase() !== other.toLowerCase();
  return looksTheSame ? undefined : other;
}

/** Characters that show nothing, or a space. */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{C}\s\u2800]/u;

/** Letters of other alphabets that look like those of ours, and after each the one that it looks like. */
const lookAlikes = new Map(
  (
    'аaвbсcԁdеeɡgһhіiјjкkӏlмmнhоoрpԛqгrѕsтtυuѵvԝwхxуyαaβbεeηnιiκkνvοoρpτtχxγyАAВBСCЕEНHІIЈJКKМMОOРPЅSТTХX' +
    'УYΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXıi‐-‑-‒-–-—-−-․.'
  )
    .match(/../gu)
    ?.map(([letter = '', like = '']) => [letter, like]),
);

/** A name as an eye takes it in. */
const asSeen = (name: string): string =>
  [...name.normalize('NFKC')]
    .filter((letter) => !unseen.test(letter))
    .map((letter) => lookAlikes.get(letter) ?? letter)
    .join('');

/**
 * What nobody can see in a name, as the beginning of an explanation: characters that show nothing, or that look like
 * another one. Empty where there is none.
 */
export function unseenIn(name: string): string {
  const isOdd = (letter: string) =>
    unseen.test(letter) || lookAlikes.has(letter) || letter.normalize('NFKC') !== letter;
  const odd = [...name.slice(0, 200)].filter((letter) => letter !== ' ' && isOdd(letter));
  const codes = [...new Set(odd)].slice(0, 5).map((letter) => {
    const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `U+${code}`;
  });
  return codes.length === 0
    ? ''
    : ` (it has ${codes.join(', ')} in it, which looks like nothing or like another letter)`;
}

function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [left, other] of [...to].entries()) {
      const replaced = (row[left] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[left + 1] ?? 0) + 1, (next[left] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
