import { getTranslate } from "../../_messages/get-translate";
import { buttonClass } from "../../ui/buttons";
import { Card } from "../../ui/cards";

/** Everything that is stored about whoever looks at the page. */
export async function OwnData() {
  const t = await getTranslate();
  return (
    <Card
      title={t("access.ownData")}
      action={
        <a href="/api/me/export" download className={`shrink-0 ${buttonClass()}`}>
          {t("access.export")}
        </a>
      }
    >
      <p className="max-w-[75ch] text-soft text-sm">{t("access.ownDataAbout")}</p>
    </Card>
  );
}
