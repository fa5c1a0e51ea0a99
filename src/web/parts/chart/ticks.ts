/** Every so manieth of the days to name below a chart, where its scale gives more than there is room for. */
export function fewOf(ticks: readonly Date[], most: number): Date[] {
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, index) => index % every === 0);
}
