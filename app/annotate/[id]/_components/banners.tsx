// Banners above a record that is more than the next one in line.
export const bannerShape = "flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2 text-sm md:px-6";

export function NoteBanner({ note }: { note: string }) {
  return (
    <section aria-label="Returned by a reviewer" className={`${bannerShape} bg-warn/10`}>
      <span>
        <strong>A reviewer asks you to look again:</strong> {note}
      </span>
    </section>
  );
}
