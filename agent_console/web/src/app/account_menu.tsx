// Who is signed in; changing the password; signing out.
import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconKeyboard, IconLogout, IconTextResize } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { stopConsole, useOwnRow } from "@/state/console";
import { chooseDensity, useDensity } from "@/state/density";
import { initials } from "@/state/format";
import { openKeySheet } from "@/state/key_sheet";
import { queryClient, useSession } from "@/state/session";
import { dropShift } from "@/state/shift";
import { readWayOut, signOut } from "@/wire/rest";

const PasswordDialog = lazy(async () => ({
  default: (await import("./password_dialog")).PasswordDialog,
}));

export function AccountMenu() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const row = useOwnRow();
  const density = useDensity((state) => state.density);
  const [changing, change] = useDisclosure(false);
  const busy = row !== null && ["offered", "talking", "hold"].includes(row.state);
  const leave = async () => {
    // Signed out here in any case: a server that cannot be reached ends the session by its age.
    const way = session.way === "sso" ? await readWayOut().catch(() => null) : null;
    await signOut().catch(() => undefined);
    dropShift();
    stopConsole();
    if (way?.address != null) {
      window.location.assign(way.address);
      return;
    }
    await navigate({ to: "/login", replace: true });
    queryClient.clear();
  };
  return (
    <>
      <Menu position="bottom-end" width={220} withinPortal>
        <Menu.Target>
          <UnstyledButton data-testid="account">
            <span className="cc-only-heard">{t("account.label")}</span>
            <Avatar radius="xl" size={36} color="teal">
              {initials(session.name)}
            </Avatar>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text fw={600} size="sm" c="var(--mantine-color-text)">
              {session.name}
            </Text>
            {t(`role.${session.role}`)}
          </Menu.Label>
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openKeySheet}>
            {t("keys.title")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTextResize size={16} />}
            onClick={() => chooseDensity(density === "compact" ? "usual" : "compact")}
          >
            {t(density === "compact" ? "density.usual" : "density.compact")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconKey size={16} />}
            onClick={() => void navigate({ to: "/account" })}
          >
            {t("account.signIn")}
          </Menu.Item>
          {session.way === "password" && (
            <Menu.Item leftSection={<IconKey size={16} />} onClick={change.open}>
              {t("account.password")}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconLogout size={16} />}
            disabled={busy}
            onClick={() => void leave()}
          >
            {t("account.signOut")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {changing && (
        <Suspense>
          <PasswordDialog onDone={change.close} />
        </Suspense>
      )}
    </>
  );
}
