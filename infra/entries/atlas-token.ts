export { keepToken as handler } from '../../lib/atlas/token-keeper.ts';
