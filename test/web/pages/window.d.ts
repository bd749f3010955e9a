/** What modules of the pages that are tested without a browser name of it. Their own program has the types of the DOM. */
declare const window: {
  location: { pathname: string; search: string; hash: string; assign(address: string): void };
};
