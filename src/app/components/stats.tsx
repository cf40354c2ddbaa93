export interface Stat {
  readonly label: string;
  readonly value: string;
  /** Its band, or what it is compared with. */
  readonly band?: string;
}

/** At most five figures, side by side. */
export function Stats({ stats }: { stats: readonly Stat[] }) {
  return (
    <dl className="stats">
      {stats.map(({ label, value, band }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
          {band && <dd className="band">{band}</dd>}
        </div>
      ))}
    </dl>
  );
}
