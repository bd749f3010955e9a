/**
 * Retry rules by cause. A failure says why it happened, and the first rule that names its cause (and exit
 * code) decides: try again soon, give up, or skip. Without a fitting rule the ordinary retries apply.
 */
import { FailTask, SkipTask, bash, dag, typescript } from 'podline/dag';

export const retries = dag(
  'etl_retries',
  {
    tags: ['example'],
    defaults: { retries: { max: 3, delay: '10m', factor: 2, maxDelay: '1h', jitter: 0.1 } },
  },
  (d) => {
    // Exit code 75 means "try again later" by convention: here the second try succeeds.
    d.task('busy_service', bash({ script: '[ "$PODLINE_TRY" -ge 2 ] || exit 75' }), {
      retries: {
        max: 3,
        rules: [
          { causes: ['exit_code'], exitCodes: [75], action: 'retry', delay: '1s' },
          { causes: ['exit_code'], action: 'fail' },
        ],
      },
    });
    // Exit code 66 means "no input": nothing to do today.
    d.task('maybe_no_input', bash({ script: 'exit 66' }), {
      retries: { max: 3, rules: [{ causes: ['exit_code'], exitCodes: [66], action: 'skip' }] },
    });
    // Bash, Python and R scripts skip themselves with exit code 99.
    d.task('skips_itself', bash({ script: 'echo "nothing new"; exit 99' }));
    d.task(
      'skips_in_typescript',
      typescript({
        run() {
          throw new SkipTask('there is nothing new since yesterday');
        },
      }),
    );
    // No retry helps against a wrong password; FailTask spends none.
    const login = d.task(
      'gives_up_at_once',
      typescript({
        run() {
          throw new FailTask('the password is wrong');
        },
      }),
    );
    // The failure is expected here: this leaf decides that the run succeeds.
    d.task('after_all', typescript({ run: () => 'done' }), {
      after: login,
      triggerRule: 'all_done',
    });
  },
);
