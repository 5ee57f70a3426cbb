import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { JobRun } from './job-runs.ts';
import type { DatabaseStatus, RedisStatus, ReplicaStatus, Status } from './status.ts';

const JobOutcome = { DONE: 'DONE', FAILED: 'FAILED' } as const;
registerEnumType(JobOutcome, {
  name: 'JobOutcome',
  description: 'How a job ended.',
  valuesConfig: {
    DONE: { description: 'It was done.' },
    FAILED: { description: 'It failed, for a reason that the log has; it is tried again.' },
  },
});

@ObjectType('ReplicaStatus', { description: 'One process of this Lumen.' })
class ReplicaStatusType implements ReplicaStatus {
  @Field(() => ID, { description: 'Another one after each start.' })
  id!: string;

  @Field(() => Date, { description: 'When it started.' })
  startedAt!: Date;

  @Field(() => Date, { description: 'When it was last heard of.' })
  heartbeatAt!: Date;

  @Field(() => Boolean, { description: 'Whether that is recent enough.' })
  isAlive!: boolean;

  @Field(() => Boolean, { description: 'Whether it is the one that answers this.' })
  isThis!: boolean;
}

@ObjectType('DatabaseStatus', { description: 'How the database does.' })
class DatabaseStatusType implements DatabaseStatus {
  @Field(() => String, { description: 'Of PostgreSQL.' })
  version!: string;

  @Field(() => Float, { description: 'Milliseconds until it answered.' })
  pingMs!: number;

  @Field(() => Float, { description: 'Bytes that it takes.' })
  sizeBytes!: number;

  @Field(() => Int, { description: 'Migrations that have run.' })
  migrations!: number;

  @Field(() => String, { description: 'The last of them.' })
  lastMigration!: string;

  @Field(() => Int, { description: 'Connections that the replica which answers uses now.' })
  connectionsInUse!: number;

  @Field(() => Int, { description: 'Connections that it keeps open beside those.' })
  connectionsIdle!: number;

  @Field(() => Int, { description: 'Connections that it may have.' })
  connectionsMax!: number;

  @Field(() => Int, { description: 'What waits for a connection.' })
  waiting!: number;
}

@ObjectType('RedisStatus', { description: 'How Redis does.' })
class RedisStatusType implements RedisStatus {
  @Field(() => Boolean, { description: 'Whether the replica that answers is connected.' })
  isConnected!: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'Milliseconds until it answered; null when it did not.',
  })
  pingMs!: number | null;
}

@ObjectType('JobRun', {
  description: 'A job, and how it went the last time, on whichever replica.',
})
class JobRunType implements JobRun {
  @Field(() => String, { description: 'What it does.' })
  name!: string;

  @Field(() => Float, { description: 'Seconds from one begin to the next.' })
  everySeconds!: number;

  @Field(() => Date, {
    description: 'When it last began: after `endedAt` while it is under way.',
  })
  startedAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it last ended; null before that.' })
  endedAt!: Date | null;

  @Field(() => Float, { nullable: true, description: 'Milliseconds that it took.' })
  durationMs!: number | null;

  @Field(() => JobOutcome, { nullable: true, description: 'How it ended.' })
  outcome!: JobRun['outcome'];

  @Field(() => Date, { description: 'When it begins next, at the latest.' })
  nextAt!: Date;
}

@ObjectType('Status', {
  description: 'How this Lumen does; what belongs to one process, of the replica that answers.',
})
export class StatusType implements Status {
  @Field(() => String, { description: 'The version of Lumen.' })
  version!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The commit that it was built from; null when the build did not know.',
  })
  commit!: string | null;

  @Field(() => String, { description: 'The version of Node.' })
  node!: string;

  @Field(() => Date, { description: 'When the replica that answers started.' })
  startedAt!: Date;

  @Field(() => Float, { description: 'Bytes of memory that it has.' })
  memoryBytes!: number;

  @Field(() => Int, { description: 'Requests to models that it has under way.' })
  openRequests!: number;

  @Field(() => [ReplicaStatusType], { description: 'All processes, the oldest first.' })
  replicas!: readonly ReplicaStatusType[];

  @Field(() => DatabaseStatusType, { description: 'How the database does.' })
  database!: DatabaseStatusType;

  @Field(() => RedisStatusType, {
    nullable: true,
    description: 'How Redis does; null where there is none.',
  })
  redis!: RedisStatusType | null;

  @Field(() => [JobRunType], {
    description: 'What the replicas do on the clock, each job at one of them at a time.',
  })
  jobs!: readonly JobRunType[];
}
