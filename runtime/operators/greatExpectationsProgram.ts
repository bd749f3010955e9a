/**
 * The Python script of greatExpectations: reads the spec from PODLINE_INPUTS, validates with the
 * package, prints a line for each expectation and writes a summary to PODLINE_OUTPUT.
 */
export const PROGRAM = `import json, os, sys

try:
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(64)

spec = json.load(open(os.environ["PODLINE_INPUTS"]))["spec"]
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}


def batch_of(spec):
    if spec["csv"] is not None:
        import pandas

        frame = pandas.read_csv(spec["csv"])
        asset = context.data_sources.add_pandas("data").add_dataframe_asset("data")
        return asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    uri = os.environ[spec["connection"]]
    scheme, rest = uri.split("://", 1)
    if scheme in ("postgres", "postgresql"):
        source = context.data_sources.add_postgres("data", connection_string="postgresql+psycopg2://" + rest)
    else:
        source = context.data_sources.add_sql("data", connection_string=uri)
    if spec["table"] is not None:
        schema, _, table = spec["table"].rpartition(".")
        asset = source.add_table_asset("data", table_name=table, schema_name=schema or None)
    else:
        asset = source.add_query_asset("data", query=spec["query"])
    return asset.add_batch_definition_whole_table("all").get_batch()


suite = gx.ExpectationSuite(
    name="podline",
    expectations=[
        ExpectationConfiguration(type=one["type"], kwargs=one.get("kwargs") or {}).to_domain_obj()
        for one in spec["expectations"]
    ],
)
result = batch_of(spec).validate(suite)
failures = []
for one in result.results:
    kwargs = {k: v for k, v in one.expectation_config.kwargs.items() if k != "batch_id"}
    line = one.expectation_config.type + " " + json.dumps(kwargs, default=str)
    if not one.success:
        found = (one.result or {}).get("observed_value", (one.result or {}).get("unexpected_count"))
        problem = (one.exception_info or {}).get("exception_message")
        line += ": " + (str(problem) if problem else "found " + json.dumps(found, default=str))
        failures.append(line[:500])
    print(("ok   " if one.success else "FAIL ") + line)
with open(os.environ["PODLINE_OUTPUT"], "w") as file:
    json.dump(
        {
            "success": bool(result.success),
            "evaluated": len(result.results),
            "failed": len(failures),
            "failures": failures[:50],
        },
        file,
    )
`;
