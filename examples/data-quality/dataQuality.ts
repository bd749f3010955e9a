/**
 * Data quality with Great Expectations: the suite is a JSON file beside this one. When an expectation does
 * not hold, the task fails with cause check_failed; the rule below sends such a file to quarantine instead
 * of trying again. Needs Python with the package great_expectations where the task runs.
 */
import { bash, dag, empty, greatExpectations } from 'podline/dag';

export const dataQuality = dag(
  'data_quality',
  {
    tags: ['example'],
    params: {
      csv: {
        type: 'string',
        default: 'node_modules/vega-datasets/data/seattle-weather.csv',
        description: 'Path of the file, seen from where the engine runs, or absolute',
      },
    },
  },
  (d) => {
    const check = d.task(
      'check',
      greatExpectations({ csv: '{{ params.csv }}', file: 'expectations.json' }),
      { retries: { max: 2, rules: [{ causes: ['check_failed'], action: 'fail' }] } },
    );
    d.task(
      'publish',
      bash({
        script: 'echo "{{ inputs.evaluated }} expectations hold"',
        inputs: { evaluated: check.output.at('evaluated') },
      }),
    );
    d.task('quarantine', empty(), { after: check, triggerRule: 'all_failed' });
  },
);
