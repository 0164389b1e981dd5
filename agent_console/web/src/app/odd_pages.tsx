// Pages nobody wants to see: an address that does not exist, and an app that could not start.
import { Button, Center, Stack } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, Failure } from "@/components/feedback";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh">
      <Empty icon={IconMapOff} title={t("notFound.title")} hint={t("notFound.hint")}>
        <Button component={Link} to="/">
          {t("notFound.home")}
        </Button>
      </Empty>
    </Center>
  );
}

export function LoadFailure({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Center mih="100vh" p="md">
      <Stack w={480}>
        <Failure error={error} retry={() => void router.invalidate()} />
      </Stack>
    </Center>
  );
}
