"use strict";

// Starts the explorer: queries by POST, subscriptions by a socket at the same address. The token in the header editor
// ("Authorization": "Bearer ...") goes to both.
const socket = new URL("/graphql", location.href);
socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";

const fetcher = GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl: socket.href });
const welcome = `# Log in over REST or with requestChallenge and openSession, then put the token into the header editor:
# {"Authorization": "Bearer ..."}
{
  viewer { subject party roles offices }
}
`;

ReactDOM.createRoot(document.getElementById("explorer")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: welcome, isHeadersEditorEnabled: true, shouldPersistHeaders: false }),
);
