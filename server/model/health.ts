/** SUSPECT: its probes succeed but requests failed, so it gets one only where no other endpoint can take it. */
export type Health = 'HEALTHY' | 'SUSPECT' | 'DOWN';
