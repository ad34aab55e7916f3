import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

type AlarmAtOnceProps = Pick<AlarmProps, 'metric'> & {
  /** What it means for people, and what to do. */
  alarmDescription: string;
  /** From which value on; 1 unless given. */
  threshold?: number;
};

/** An alarm that goes off as soon as its metric gets to a value, and is silent while there is nothing to measure. */
export class AlarmAtOnce extends Alarm {
  constructor(scope: Construct, id: string, { threshold = 1, ...props }: AlarmAtOnceProps) {
    super(scope, id, {
      ...props,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
