import * as z from 'zod';

// Comes first in every bundle. Zod would otherwise find out at start whether it may generate code, and generate some at
// the first check of each object: lib/compiled.ts has it do so later, and better.
z.config({ jitless: true });
