/** How V8 keeps this process's memory small; see docs/decisions/0030-a-small-heap.md. To be imported before all else. */
import { setFlagsFromString } from 'node:v8';

// V8 puts objects of kinds that often last straight among the old ones. Here that is a request's context: once dead, it
// keeps all of its request until the whole heap is collected.
setFlagsFromString('--no-allocation-site-pretenuring');
// What is old may grow by so much before it is collected; left alone, V8 lets it grow by several times.
setFlagsFromString('--heap-growing-percent=30');
