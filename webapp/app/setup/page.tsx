export { SetupApp as default } from '../../components/setup/setup-app.tsx';
