// node polars.js <folder of node_modules> <job> <input> <output> <times>: runs a job and prints the seconds of each run.
const [root, job, input, output, times] = process.argv.slice(2);
const pl = require(require.resolve('nodejs-polars', { paths: [root] }));
const csv = () => pl.scanCSV(input, { tryParseDates: true });
const jobs = {
  'csv-parquet': () => csv().sinkParquet(output, { compression: 'snappy' }).collectSync(),
  'parquet-csv': () => pl.scanParquet(input).sinkCSV(output).collectSync(),
  'csv-group': () => csv().groupBy('category').agg(pl.col('amount').count().alias('n'), pl.col('amount').sum().alias('total')).collectSync().sort('category').writeCSV(output),
  'ndjson-parquet': () => pl.scanJson(input).sinkParquet(output, { compression: 'snappy' }).collectSync(),
};
for (let i = 0; i < Number(times); i++) {
  const start = process.hrtime.bigint();
  jobs[job]();
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
}
