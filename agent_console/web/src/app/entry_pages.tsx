// Signing in and the first run, wired to what comes after them. Loaded only by those who need them.
import { useNavigate } from "@tanstack/react-router";
import { FirstRunPage } from "@/features/entry/first_run_page";
import { LoginPage } from "@/features/entry/login_page";
import { homeOf, queryClient, sessionQuery } from "@/state/session";
import type { Session } from "@/wire/rest";

function useEntered(): (session: Session) => void {
  const navigate = useNavigate();
  return (session) => {
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, session);
    void navigate({ to: homeOf(session), replace: true });
  };
}

export function Login() {
  return <LoginPage onSignedIn={useEntered()} />;
}

export function FirstRun() {
  return <FirstRunPage token={tokenFromAddress()} onSignedIn={useEntered()} />;
}

/** The one-time link carries its token as the fragment, which browsers send to nobody. */
function tokenFromAddress(): string {
  return decodeURIComponent(location.hash.slice(1));
}
