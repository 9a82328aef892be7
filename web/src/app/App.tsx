import "@mantine/core/styles.css";
import "@/ui/tokens.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { whenSignedOut } from "@/api/client";
import { ApiError } from "@/api/error";
import { setCsrf } from "@/api/csrf";
import { sessionQuery } from "@/api/session";
import { outbox } from "@/features/labeling/sender";
import { makeRouter } from "./router";
import { theme, variables } from "./theme";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.transient,
    },
  },
});
const router = makeRouter(client);

whenSignedOut(() => {
  const here = router.state.location;
  if (here.pathname === "/login") return;
  setCsrf(null);
  outbox.open(null);
  client.setQueryData(sessionQuery.queryKey, null);
  void router.navigate({ to: "/login", search: { next: here.href, ended: true } });
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={variables}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
