// The head of a list that shows what is behind a number of a report: what is listed and how many, what narrows
// it, the way back to the report and the way to the whole list.
import { Group, Text, Title } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { BehindSearch } from "@/wire/calls_behind";
import { useNarrowing } from "./behind_narrowing";

export interface BehindHeadProps {
  search: BehindSearch;
  /** Undefined until the server has answered. `title`: in English and Chinese. */
  found: { title: string[]; count: number } | undefined;
  /** What else there is to say, in words. */
  also?: string[];
  all: "calls" | "tickets" | "callbacks";
}

const ALL = {
  calls: { to: "/calls", text: "report.behindAll" },
  tickets: { to: "/tickets", text: "report.behindAllTickets" },
  callbacks: { to: "/callbacks", text: "report.behindAllCallbacks" },
} as const;

export function BehindHead({ search, found, also = [], all }: BehindHeadProps): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const narrowing = useNarrowing();
  const { history } = useRouter();
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);
  return (
    <Group justify="space-between" align="start" gap="xs">
      <div
        data-testid="behind-head"
        data-count={found?.count}
        style={{ flex: "1 1 280px", minWidth: 0 }}
      >
        <Title order={2} size="h4">
          {found === undefined
            ? t("report.behindWait")
            : t("report.behind", {
                title: found.title[language === "zh" ? 1 : 0],
                count: found.count,
              })}
        </Title>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {[...also, ...narrowing(search)].join(" · ")}
        </Text>
      </div>
      <Group gap="md">
        {history.canGoBack() && (
          <Link
            to="/reports"
            className="cc-link"
            onClick={(event) => {
              event.preventDefault();
              history.back();
            }}
          >
            {t("report.behindBack")}
          </Link>
        )}
        <Link to={ALL[all].to} search={{}} className="cc-link">
          {t(ALL[all].text)}
        </Link>
      </Group>
    </Group>
  );
}
